package gateway.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What WhatsApp tells of other people. */
public interface Contacts {

    /** The account's address book, by name. */
    List<Contact> list();

    /**
     * A person's or a group's picture; empty when there is none, or it is hidden from us.
     *
     * @param preview whether a small one is enough
     * @param community whether the address is a community's
     */
    Optional<Avatar> avatar(Jid whose, boolean preview, boolean community);

    /** What a business says of itself; empty when the number is not a business. */
    Optional<Business> business(Jid user);

    record Contact(Jid jid, String name) {}

    /**
     * {@code url} is absolute, or the {@link MediaFile#id} of a file of this account. {@code type} is image or preview.
     */
    record Avatar(String url, String id, String type) {}

    /** {@code categories} are id → name; {@code options} are the business's own words, such as its website. */
    record Business(
            Jid jid,
            String email,
            String address,
            Map<String, String> categories,
            Map<String, String> options,
            String timezone,
            List<Hours> hours) {}

    /** One weekday; {@code mode} is open, closed or appointment, times are {@code HH:mm}. */
    record Hours(String day, String mode, String open, String close) {}
}
