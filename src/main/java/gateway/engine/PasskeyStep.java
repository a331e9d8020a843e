package gateway.engine;

import java.util.Optional;

/**
 * The passkey step: a proof that the person owns the account, which some phones demand while they link this device. The
 * person's browser makes the proof, because the passkey belongs to WhatsApp's own web address.
 */
public interface PasskeyStep {
    /** The step of an engine whose phones never demand it. */
    PasskeyStep NONE = new PasskeyStep() {
        @Override
        public State state() {
            return new State.None(Optional.empty());
        }

        @Override
        public void respond(Assertion assertion) {
            throw nothingAsked();
        }

        @Override
        public void confirm() {
            throw nothingToConfirm();
        }
    };

    /** Where the step stands. Never waits. */
    State state();

    /**
     * Hands the browser's answer to WhatsApp, and returns when WhatsApp has taken it.
     *
     * @throws EngineRefusal {@code REJECTED} when no phone waits for an answer, or WhatsApp refuses this one
     */
    void respond(Assertion assertion);

    /**
     * Says that the person saw the same code here and on the phone; the phone then links this device.
     *
     * @throws EngineRefusal {@code REJECTED} when there is no code to be compared
     */
    void confirm();

    /** The refusal of an answer that nobody waits for. */
    static EngineRefusal nothingAsked() {
        return new EngineRefusal(EngineRefusal.Reason.REJECTED, "no phone asks for a passkey at this moment");
    }

    /** The refusal of a confirmation that nobody waits for. */
    static EngineRefusal nothingToConfirm() {
        return new EngineRefusal(EngineRefusal.Reason.REJECTED, "there is no passkey code to confirm at this moment");
    }

    /** The places where the step can stand. */
    sealed interface State {
        /**
         * Nothing is asked of the person.
         *
         * @param problem why the last step failed, in one sentence; empty when none did
         */
        record None(Optional<String> problem) implements State {}

        /**
         * The phone waits for the browser's answer.
         *
         * @param options the {@code PublicKeyCredentialRequestOptions} as JSON, with base64url for bytes (WebAuthn §5.5)
         */
        record AwaitingResponse(String options) implements State {}

        /**
         * WhatsApp has the answer, and the phone shows a code.
         *
         * @param code      what the phone must show too
         * @param automatic whether the step goes on without {@link #confirm}
         */
        record AwaitingConfirmation(String code, boolean automatic) implements State {}
    }

    /**
     * The browser's answer: a WebAuthn assertion of the type {@code public-key}.
     *
     * @param rawId      the passkey's id
     * @param userHandle whom the passkey is for, when the browser says so
     */
    record Assertion(
            byte[] rawId,
            byte[] clientDataJson,
            byte[] authenticatorData,
            byte[] signature,
            Optional<byte[]> userHandle) {}
}
