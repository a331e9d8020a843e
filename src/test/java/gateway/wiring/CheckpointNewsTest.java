package gateway.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class CheckpointNewsTest {
    private static final String TIME = "{\"origin\":\"whatsapp-security-log\",\"kind\":\"time\",\"seq\":";
    private static final String ROTATION = "{\"origin\":\"whatsapp-security-log\",\"kind\":\"rotation\",\"seq\":";

    @Test
    void aBusyLogTellsTheJournalFourTimesAnHourAndOfEachNewFile() {
        var told = new ArrayList<String>();
        long[] now = {1_800_000_000_000L};
        var news = new CheckpointNews(() -> java.time.Instant.ofEpochMilli(now[0]), told::add);
        for (int minute = 0; minute < 60; minute++) {
            news.accept(TIME + minute);
            now[0] += 60_000;
        }
        assertEquals(List.of(TIME + 0, TIME + 15, TIME + 30, TIME + 45), told);
        now[0] -= 14 * 60_000;
        news.accept(ROTATION + 61);
        assertEquals(ROTATION + 61, told.getLast());
    }
}
