package gateway.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import gateway.check.Check.Area;

/** The table of red proofs has every check that a machine can make, and every row of it can be carried out. */
class RedProofTest {
    private static final Set<String> NAMES =
            Checks.of(true).stream().map(Check::name).collect(Collectors.toSet());

    @Test
    void everyCheckByMachineHasARow() {
        var proven = RedProof.all().stream().map(RedProof::check).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                Checks.of(true).stream()
                        .filter(check -> check.area() != Area.PEOPLE)
                        .map(Check::name)
                        .filter(name -> !proven.contains(name))
                        .toList());
    }

    /** A check without a proof on a whole machine must stand beside another check of its item that has one. */
    @Test
    void everyItemByMachineHasAProofThatIsNotMissing() {
        assertEquals(
                List.of(),
                Checks.byItem().entrySet().stream()
                        .filter(entry -> entry.getKey().proof() == Item.Proof.MACHINE)
                        .filter(entry -> entry.getValue().stream()
                                .flatMap(check -> RedProof.of(check.name()).stream())
                                .allMatch(RedProof::isMissing))
                        .map(entry -> entry.getKey().id())
                        .toList());
    }

    @Test
    void everyRowIsOfACheckThatExistsOnceAndSaysHowItIsBroken() {
        var wrong = new ArrayList<String>();
        var before = new HashSet<String>();
        for (var proof : RedProof.all()) {
            if (!NAMES.contains(proof.check()) || !NAMES.containsAll(proof.others()) || !before.add(proof.check())) {
                wrong.add(proof.check() + ": no such check, or a second row");
            }
            if (!proof.where().equals("container") && !proof.isMissing()) {
                wrong.add(proof.check() + ": " + proof.where() + " is no place");
            }
            if (proof.how().isBlank()
                    || !proof.isMissing()
                            && (proof.group().isBlank() || proof.seen().isBlank())) {
                wrong.add(proof.check() + ": a cell is empty");
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyProofHasItsFunctionAndEveryFunctionItsProof() {
        var functions = Pattern.compile("(?m)^break_([a-z_]+)\\(\\)")
                .matcher(RedProof.breaks())
                .results()
                .map(match -> match.group(1).replace('_', '-'))
                .collect(Collectors.toSet());
        assertEquals(
                RedProof.all().stream()
                        .filter(proof -> !proof.isMissing())
                        .map(RedProof::check)
                        .collect(Collectors.toSet()),
                functions);
    }

    /** When two breaks of one group turn the same check red, the run cannot tell which break the check has seen. */
    @Test
    void noBreakOfAGroupTurnsAnotherCheckOfItRed() {
        var proofs = RedProof.all();
        assertEquals(
                List.of(),
                proofs.stream()
                        .filter(proof -> proofs.stream()
                                .anyMatch(other -> !other.check().equals(proof.check())
                                        && other.group().equals(proof.group())
                                        && other.others().contains(proof.check())))
                        .map(RedProof::check)
                        .toList());
    }
}
