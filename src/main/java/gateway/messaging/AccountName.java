package gateway.messaging;

/** What an account may be called. */
public final class AccountName {
    /** The longest name, in characters. */
    private static final int MAX = 64;

    private AccountName() {}

    /**
     * Whether an account may have that name: any text that can stand between the slashes of an address, and that a
     * person can read.
     */
    public static boolean isName(String text) {
        return !text.isBlank()
                && text.equals(text.strip())
                && text.codePointCount(0, text.length()) <= MAX
                && text.indexOf('/') < 0
                && !text.equals(".")
                && !text.equals("..")
                && text.codePoints().allMatch(AccountName::isReadable);
    }

    private static boolean isReadable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
