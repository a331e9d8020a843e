package gateway;

/** The program {@code whatsapp}. */
public final class Gateway {
    private Gateway() {
    }

    public static void main(String[] args) {
        System.exit(0);
    }
}
