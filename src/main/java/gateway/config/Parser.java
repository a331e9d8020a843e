package gateway.config;

/** From a setting's text, never empty, to its typed value. */
@FunctionalInterface
interface Parser<T> {
    T parse(String text) throws Invalid;
}
