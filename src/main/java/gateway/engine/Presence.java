package gateway.engine;

/** What others see the account do right now. Lost messages of this kind are no loss, so none is kept. */
public interface Presence {

    void available(boolean available);

    /** Shows the chat that the account is typing, until it stops. */
    void typing(Jid chat, boolean composing);

    /** Turns a call down. */
    void rejectCall(Jid caller, String callId);
}
