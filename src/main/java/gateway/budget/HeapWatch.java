package gateway.budget;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A watch over the heap. While what lives after a collection stays above a threshold, requests that reserve memory are
 * refused; after a load it has the collector give the memory back to the system.
 */
public final class HeapWatch implements BooleanSupplier, AutoCloseable {
    /** Share of the old generation that may live after a collection. */
    private static final double FULL = 0.85;

    private static final long PERIOD_MILLIS = 1_000;
    /** A pressed heap is collected so often to see whether the pressure is gone. */
    private static final int PRESSED_TICKS = 5;
    /** Quiet seconds after a load before the heap is given back. */
    private static final int QUIET_TICKS = 10;
    /** Share of one processor below which the process counts as quiet. */
    private static final double QUIET = 0.2;
    /** A heap of no more than this is not worth a collection. */
    private static final long SMALL_BYTES = 40L << 20;

    /** The serial collector gives back 0, 10, 40 and 100 % of what is too much in successive full collections. */
    private static final int SHRINKING_STEPS = 4;

    private final Heap heap;
    private final Thread thread;
    private volatile boolean pressed;
    private long cpu;
    private int pressedTicks;
    private int quietTicks;
    private boolean tidy;

    /** What is watched. */
    interface Heap {
        /** Whether more than {@link #FULL} of the old generation lived after its last collection. */
        boolean full();

        /** Bytes that the heap takes from the system. */
        long size();

        /** Processor time of the process, in nanoseconds. */
        long cpuNanos();

        void collect();
    }

    public HeapWatch() {
        this(new OwnHeap());
    }

    HeapWatch(Heap heap) {
        this.heap = heap;
        this.cpu = heap.cpuNanos();
        this.thread = Thread.ofPlatform().daemon().name("heap-watch").unstarted(this::run);
    }

    /** Begins to look once a second. */
    public HeapWatch start() {
        thread.start();
        return this;
    }

    /** Whether the heap stays nearly full after collections. */
    @Override
    public boolean getAsBoolean() {
        return pressed;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PERIOD_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            pressed = false;
        }
    }

    /** One look; there is one a second. */
    void look() {
        pressed = heap.full();
        if (pressed) {
            // Refused requests make no garbage: without a collection nobody would learn that the pressure is gone.
            if (++pressedTicks % PRESSED_TICKS == 0) {
                heap.collect();
            }
            return;
        }
        pressedTicks = 0;
        long now = heap.cpuNanos();
        boolean quiet = now - cpu < PERIOD_MILLIS * 1_000_000 * QUIET;
        cpu = now;
        quietTicks = quiet ? quietTicks + 1 : 0;
        if (!quiet) {
            tidy = false;
        } else if (quietTicks >= QUIET_TICKS && !tidy) {
            tidy = true;
            for (int step = 0; step < SHRINKING_STEPS && heap.size() > SMALL_BYTES; step++) {
                heap.collect();
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** The heap of this process. */
    private static final class OwnHeap implements Heap {
        private final List<MemoryPoolMXBean> old = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP
                        && pool.isUsageThresholdSupported()
                        && pool.isCollectionUsageThresholdSupported()
                        && pool.getUsage().getMax() > 0)
                .toList();

        OwnHeap() {
            old.forEach(pool ->
                    pool.setCollectionUsageThreshold((long) (pool.getUsage().getMax() * FULL)));
        }

        @Override
        public boolean full() {
            return old.stream().anyMatch(MemoryPoolMXBean::isCollectionUsageThresholdExceeded);
        }

        @Override
        public long size() {
            return Runtime.getRuntime().totalMemory();
        }

        @Override
        public long cpuNanos() {
            return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
                    ? os.getProcessCpuTime()
                    : 0;
        }

        @Override
        public void collect() {
            System.gc();
        }
    }
}
