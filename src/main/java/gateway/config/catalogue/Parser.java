package gateway.config.catalogue;

import gateway.config.Invalid;

/** From a setting's text, never empty, to its typed value. */
@FunctionalInterface
public interface Parser<T> {
    T parse(String text) throws Invalid;
}
