package gateway.engine.web;

import java.util.List;
import java.util.Optional;

import gateway.engine.Contacts;
import gateway.engine.EngineRefusal;
import gateway.engine.Jid;

/** The account's contacts, as its phone has told them. */
record WebContacts(ContactNames names) implements Contacts {

    @Override
    public List<Contact> list() {
        return names.all();
    }

    @Override
    public Optional<Avatar> avatar(Jid whose, boolean preview, boolean community) {
        throw EngineRefusal.unsupported("pictures of people");
    }

    @Override
    public Optional<Business> business(Jid user) {
        throw EngineRefusal.unsupported("profiles of businesses");
    }
}
