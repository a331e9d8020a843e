package gateway.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import gateway.twin.web.TwinControl;

/**
 * One thing that goes wrong between the program and WhatsApp for a while.
 *
 * @param faults the twin's faults, by their names
 * @param ending how the open connections end once the faults are set: empty for not at all, {@code close}, a code of a
 *     stream error, or the child of one
 * @param slow   whether only the end of a patience shows it: of 65 s for any byte, or of 75 to 130 s for an answer
 */
record Trouble(Map<String, String> faults, String ending, boolean slow) {
    /** A second process with the same keys; only a person opens the connection again. */
    private static final String REPLACED = "conflict replaced";

    private static final String CLOSE = "close";
    private static final String KEYS_RUN_OUT = "keys";

    /**
     * The troubles after which the line comes back by the next connection or sooner. Faults of pairing, of files, and
     * those by which WhatsApp refuses a message for good have tests of their own. So has {@code retry_receipt}: a phone
     * of the twin that asks for a message that it has shows the answer, too.
     */
    private static final List<Trouble> QUICK = Stream.of(
                    counted("not_opened", 2),
                    counted("poison", 1),
                    counted("duplicate", 3),
                    counted("close_after_message", 1),
                    counted("bad_mac", 1),
                    counted("cut", 1),
                    counted("replay", 1),
                    counted("oversized", 1),
                    counted("swap", 1),
                    counted("lost", 1),
                    counted("double_part", 2),
                    counted("pn_sender", 3),
                    counted("no_mapping", 3),
                    counted("merge_frames", 2),
                    held("compress", "true", ""),
                    held("split_frames", "true", ""),
                    held("stale_phash", "true", ""),
                    held("bundle_without_key", "true", ""),
                    held("usync_both_forms", "true", ""),
                    held("usync_without_lid", "true", ""),
                    held("iq_error", "encrypt 500", ""),
                    held("no_offline_marker", "true", CLOSE),
                    held("success_without_lid", "true", CLOSE),
                    held("edge_routing", "true", CLOSE),
                    held("dirty", "true", CLOSE),
                    held("offline_preview", "true", CLOSE),
                    held("clock_ahead", "3600", CLOSE),
                    end(CLOSE),
                    end("515"),
                    end("503"),
                    end("599"),
                    end("ack"),
                    end(REPLACED),
                    end(KEYS_RUN_OUT))
            .toList();

    /** The troubles that last: until a patience ends, or because the pause before the next login doubles each time. */
    private static final List<Trouble> SLOW = List.of(
            new Trouble(Map.of("deaf", "true"), "", true),
            new Trouble(Map.of("silent", "true"), "", true),
            new Trouble(Map.of("iq_silence", "encrypt"), CLOSE, true),
            new Trouble(Map.of("no_message_ack", "1"), "", true),
            new Trouble(Map.of("garbage", "1"), "", true),
            new Trouble(Map.of("bomb", "1"), "", true),
            new Trouble(Map.of("nested", "1"), "", true),
            new Trouble(Map.of("refuse_upgrade", "503"), CLOSE, true),
            new Trouble(Map.of("refuse_upgrade", "429"), CLOSE, true),
            new Trouble(Map.of("failure", "500"), CLOSE, true),
            new Trouble(Map.of("failure", "503"), CLOSE, true),
            new Trouble(Map.of("failure", "402", "failure_seconds", "3"), CLOSE, true));

    private static Trouble counted(String fault, int times) {
        return new Trouble(Map.of(fault, "" + times), "", false);
    }

    private static Trouble held(String fault, String value, String ending) {
        return new Trouble(Map.of(fault, value), ending, false);
    }

    private static Trouble end(String ending) {
        return new Trouble(Map.of(), ending, false);
    }

    /**
     * Every trouble, in an order by lot: most come alone, and some with the one before.
     *
     * @param slow whether the slow ones are among them
     */
    static List<List<Trouble>> turn(Random random, boolean slow) {
        var all = new ArrayList<>(QUICK);
        if (slow) {
            all.addAll(SLOW);
        }
        Collections.shuffle(all, random);
        var turn = new ArrayList<List<Trouble>>();
        for (var trouble : all) {
            if (!turn.isEmpty() && turn.getLast().size() < 3 && random.nextInt(3) == 0) {
                turn.getLast().add(trouble);
            } else {
                turn.add(new ArrayList<>(List.of(trouble)));
            }
        }
        return turn;
    }

    /** Whether the twin hears or says nothing until the program gives the connection up. */
    boolean isSilence() {
        return faults.containsKey("deaf") || faults.containsKey("silent");
    }

    /** Whether only a person opens the connection again. */
    boolean needsPerson() {
        return ending.equals(REPLACED);
    }

    void begin(TwinControl control) {
        if (!faults.isEmpty()) {
            control.post("/faults", faults);
        }
        switch (ending) {
            case "" -> {}
            case CLOSE -> control.post("/disconnect", Map.of());
            case KEYS_RUN_OUT -> control.post("/phones/" + WebPhones.OWN + "/prekeys", Map.of("left", 3));
            default -> control.post("/disconnect", Map.of(ending.matches("[0-9]+") ? "code" : "child", ending));
        }
    }

    void end(TwinControl control) {
        faults.keySet().forEach(fault -> control.fault(fault, ""));
    }

    @Override
    public String toString() {
        return (faults + " " + ending).strip();
    }
}
