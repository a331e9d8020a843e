package gateway.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * A function of the C library that takes whole numbers and addresses, six at most. All functions share one form:
 * Linux's calling conventions pass an int, a long and an address in the same registers, and ignore registers that a
 * function does not read. The JDK makes classes for each form at the first call, which no archive keeps: 95 at a start
 * instead of 126.
 */
public final class SystemCall {
    private static final int MAX_ARGUMENTS = 6;

    @SuppressWarnings("restricted") // calls C functions; --enable-native-access allows it
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_LONG),
                    Linker.Option.captureCallState("errno"));

    private static final long ERRNO = Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

    private final String name;
    private final MemorySegment function;

    private SystemCall(String name) {
        this.name = name;
        this.function = Linker.nativeLinker().defaultLookup().find(name).orElseThrow();
    }

    /**
     * Finds the function in the C library.
     *
     * @throws java.util.NoSuchElementException when the library has none of this name
     */
    public static SystemCall of(String name) {
        return new SystemCall(name);
    }

    /**
     * What a call returned.
     *
     * @param value of a function that returns an int, the lower half alone counts
     * @param errno the error's number; of meaning only when the value says that there was an error
     */
    public record Returned(long value, int errno) {

        /** The value of a function that returns an int. */
        public int number() {
            return (int) value;
        }
    }

    /** @param arguments numbers and the addresses of segments; whoever calls keeps the segments alive */
    public Returned call(long... arguments) {
        long[] all = Arrays.copyOf(arguments, MAX_ARGUMENTS);
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            long value = (long) CALL.invokeExact(function, state, all[0], all[1], all[2], all[3], all[4], all[5]);
            return new Returned(value, state.get(ValueLayout.JAVA_INT, ERRNO));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name + " cannot be called", e);
        }
    }
}
