package gateway.engine;

import java.util.List;
import java.util.Optional;

/** The engines that a process offers to its accounts, by name. */
public interface EngineDirectory {

    /** The engine of an account that nobody named one for; one of {@link #names}. */
    String usual();

    /** The names that an account may choose from. */
    List<String> names();

    /** The engine of that name, made when the first account asks for it; empty when this process does not offer it. */
    Optional<Engine> find(String name);

    /** Where WhatsApp calls the engine of that name; empty when no account has that engine, or it is not called. */
    default Optional<Inlet> inlet(String name) {
        return find(name).flatMap(Engine::inlet);
    }

    /** A directory with one engine in it. */
    static EngineDirectory of(Engine only) {
        return new EngineDirectory() {
            @Override
            public String usual() {
                return only.name();
            }

            @Override
            public List<String> names() {
                return List.of(only.name());
            }

            @Override
            public Optional<Engine> find(String name) {
                return Optional.of(only).filter(engine -> engine.name().equals(name));
            }
        };
    }
}
