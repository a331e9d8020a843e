package gateway.check;

/** The red cases of the tests, for the page of the checklists. */
public final class ChecklistProofs {
    private ChecklistProofs() {}

    /** How many breaks there are for a check. */
    public static long redCases(String check) {
        return Breaks.ALL.stream()
                .filter(broken -> broken.check().equals(check))
                .count();
    }
}
