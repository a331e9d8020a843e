package gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A password as Argon2id keeps it (RFC 9106), in the text form that everybody else uses too:
 * {@code $argon2id$v=19$m=12288,t=3,p=1$salt$hash}.
 *
 * @param memoryKiB   {@code m}
 * @param passes      {@code t}
 * @param lanes       {@code p}
 */
public record Argon2(int memoryKiB, int passes, int lanes, byte[] salt, byte[] hash) {
    /**
     * OWASP's and ASVS App. C's cheapest approved setting that still needs 12 MiB at once: 57 ms where 19 MiB/2 took
     * 110.
     */
    private static final int MEMORY_KIB = 12 * 1024;

    private static final int PASSES = 3;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    /** What a hash from a file may cost us: above it, one login could take the machine down. */
    private static final int MAX_MEMORY_KIB = 64 * 1024;

    private static final int MAX_PASSES = 10;
    private static final int MAX_LANES = 4;
    /** Scratch space of the algorithm, in blocks of a KiB. */
    private static final int BLOCKS_BESIDE = 8;

    private static final Pattern TEXT = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Hashes a new password; about 60 ms of one core and 12 MiB. */
    public static Argon2 of(char[] password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        var parameters = new Argon2(MEMORY_KIB, PASSES, LANES, salt, new byte[HASH_BYTES]);
        return new Argon2(MEMORY_KIB, PASSES, LANES, salt, parameters.compute(password, new Memory()));
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException when it is not Argon2id version 19, or costs more than 64 MiB, 10 passes, 4
     *     lanes
     */
    public static Argon2 parse(String text) {
        var match = TEXT.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("not a hash like $argon2id$v=19$m=12288,t=3,p=1$salt$hash;"
                    + " \"whatsapp user hash-password\" makes one");
        }
        int memory = Integer.parseInt(match.group(1));
        int passes = Integer.parseInt(match.group(2));
        int lanes = Integer.parseInt(match.group(3));
        if (passes < 1
                || lanes < 1
                || memory < 8 * lanes
                || memory > MAX_MEMORY_KIB
                || passes > MAX_PASSES
                || lanes > MAX_LANES) {
            throw new IllegalArgumentException("its cost is out of bounds: at most m=65536, t=10, p=4");
        }
        return new Argon2(
                memory,
                passes,
                lanes,
                Base64.getDecoder().decode(match.group(4)),
                Base64.getDecoder().decode(match.group(5)));
    }

    /**
     * A hash of nothing anybody could type, at the cost of this one: what a user who is not there is checked against.
     */
    Argon2 decoy() {
        byte[] salt = new byte[SALT_BYTES];
        byte[] impossible = new byte[HASH_BYTES];
        RANDOM.nextBytes(salt);
        RANDOM.nextBytes(impossible);
        return new Argon2(memoryKiB, passes, lanes, salt, impossible);
    }

    /**
     * Memory for one hash after another, however dear; what one leaves in it is overwritten before the next one takes
     * it. A type of its own, so that who only passes it on does not load Bouncy Castle, whose signed jar costs a start
     * 10 MB.
     */
    static final class Memory {
        private final BlockPool blocks = new FixedBlockPool(MAX_MEMORY_KIB + BLOCKS_BESIDE);
        private final LongAdder work;

        Memory() {
            this(new LongAdder());
        }

        /** @param work counts what the hashes cost, in {@link Argon2#cost} */
        Memory(LongAdder work) {
            this.work = work;
        }
    }

    /** Takes as long whatever the answer. */
    boolean matches(char[] password, Memory memory) {
        return MessageDigest.isEqual(compute(password, memory), hash);
    }

    /** Work of one hash: blocks of a KiB that are computed. */
    long cost() {
        return (long) memoryKiB * passes;
    }

    /** Whether another hash takes exactly the same work, in the same memory. */
    boolean costsAs(Argon2 other) {
        return memoryKiB == other.memoryKiB && passes == other.passes && lanes == other.lanes;
    }

    /** Equal when every parameter, the salt and the hash are; compared in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Argon2 argon2
                && costsAs(argon2)
                && MessageDigest.isEqual(salt, argon2.salt)
                && MessageDigest.isEqual(hash, argon2.hash);
    }

    /** Of the salt, which is no secret and differs from hash to hash. */
    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }

    private byte[] compute(char[] password, Memory memory) {
        memory.work.add(cost());
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKiB)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .withBlockPool(memory.blocks)
                .build());
        byte[] output = new byte[hash.length];
        byte[] bytes = new String(password).getBytes(StandardCharsets.UTF_8);
        generator.generateBytes(bytes, output);
        Arrays.fill(bytes, (byte) 0);
        return output;
    }

    /** The text form. */
    @Override
    public String toString() {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKiB + ",t=" + passes + ",p=" + lanes + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }
}
