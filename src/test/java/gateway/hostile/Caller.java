package gateway.hostile;

/** Who calls: from nobody to the one who may do everything. */
enum Caller {
    NOBODY,
    MALFORMED,
    WRONG,
    READER,
    OTHER_DEVICE,
    OWNER;

    /** True when nothing this caller asks for may change anything. */
    boolean harmless() {
        return this != OWNER;
    }

    /** True when nothing but what is open to everybody may be answered. */
    boolean stranger() {
        return ordinal() <= WRONG.ordinal();
    }
}
