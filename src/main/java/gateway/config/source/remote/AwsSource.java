package gateway.config.source.remote;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import gateway.config.Origin;
import gateway.config.Secret;
import gateway.config.SettingProblem;
import gateway.config.catalogue.Setting;
import gateway.config.source.Found;
import gateway.config.source.Source;

/**
 * AWS Secrets Manager, with the guide's ids: {@code whatsapp/basic-auth}, {@code whatsapp/webhook-secret},
 * {@code whatsapp/db-password}. A secret is the text itself, as the guide's script stores it, or a JSON object with the
 * member {@code value} or (as Amazon RDS writes them) {@code password}. Asked only for what no earlier place has.
 */
public final class AwsSource implements Source {
    private static final List<String> MEMBERS = List.of("value", "password");

    private final RemoteStores stores;
    private final String prefix;
    private final Lookup lookup;
    /** Why the service did not answer: the other secrets of this reading are not waited for as well. */
    private Optional<StoreTrouble> away = Optional.empty();

    private AwsSource(RemoteStores stores, String prefix, Lookup lookup) {
        this.stores = stores;
        this.prefix = prefix;
        this.lookup = lookup;
    }

    /** The secrets whose ids begin with {@code prefix/}. */
    public static AwsSource open(RemoteStores stores, String prefix, Lookup lookup) {
        return new AwsSource(stores, prefix.replaceFirst("/+$", ""), lookup);
    }

    @Override
    public Optional<Found> find(Setting<?> setting) throws Unreadable {
        if (!setting.isSecret()) {
            return Optional.empty();
        }
        var origin = new Origin(Origin.Kind.AWS, "AWS secret " + id(setting));
        try {
            if (away.isPresent()) {
                throw away.get();
            }
            var text = stores.aws(lookup).read(id(setting));
            if (text.isEmpty()) {
                return Optional.empty();
            }
            var object = object(text.get());
            var member = object.flatMap(AwsSource::member);
            if (object.isPresent() && member.isEmpty()) {
                throw new Unreadable(new SettingProblem(
                        setting.name(),
                        origin,
                        "is a JSON object without the member value or password",
                        "store the secret itself, as the guide does"));
            }
            return Optional.of(new Found(
                    member.map(name -> object.get().path(name).textValue()).orElse(text.get()), origin));
        } catch (StoreTrouble e) {
            away = e.isPassing() ? Optional.of(e) : away;
            throw new Unreadable(new SettingProblem(setting.name(), origin, e.what(), e.remedy(), e.isPassing()));
        }
    }

    private String id(Setting<?> setting) {
        return prefix + "/" + setting.storeName();
    }

    private static Optional<JsonNode> object(String text) {
        try {
            return text.startsWith("{") ? Optional.of(JsonHttp.JSON.readTree(text)) : Optional.empty();
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
    }

    private static Optional<String> member(JsonNode object) {
        return MEMBERS.stream().filter(name -> object.path(name).isTextual()).findFirst();
    }

    @Override
    public boolean replace(Setting<?> setting, Secret value) throws IOException {
        var client = stores.aws(lookup);
        var object = client.read(id(setting)).flatMap(AwsSource::object);
        client.write(
                id(setting),
                object.flatMap(AwsSource::member)
                        .map(name -> ((ObjectNode) object.get())
                                .put(name, value.reveal())
                                .toString())
                        .orElse(value.reveal()));
        return true;
    }
}
