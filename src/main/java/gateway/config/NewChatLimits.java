package gateway.config;

import java.time.Duration;

/** How many chats an account may begin; 0 is unlimited. The pause follows a restriction by WhatsApp. */
public record NewChatLimits(int perHour, int perDay, Duration pause) {}
