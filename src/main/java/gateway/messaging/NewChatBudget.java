package gateway.messaging;

import java.time.Duration;

/**
 * How many chats an account may begin: WhatsApp bans accounts that write to many strangers.
 *
 * @param perHour new chats in any hour; 0 = no limit
 * @param perDay  new chats in any 24 hours; 0 = no limit
 * @param pause   how long no chat is begun after WhatsApp has restricted or banned the account; zero = no pause
 */
public record NewChatBudget(int perHour, int perDay, Duration pause) {
    public static final NewChatBudget NONE = new NewChatBudget(0, 0, Duration.ZERO);
}
