package gateway.engine;

import java.util.List;

import gateway.config.Cidr;
import gateway.outbound.AddressGuard;
import gateway.outbound.AddressRules;
import gateway.outbound.Resolver;
import gateway.outbound.SystemResolver;

/** Where the proxies may be that accounts of a test have. */
public final class AccountProxies {
    /** As without a setting. */
    public static final AddressGuard PUBLIC = new AddressGuard(AddressRules.proxies(List.of()), new SystemResolver());

    private AccountProxies() {}

    /** Proxies on this machine are allowed; the names are looked up by the resolver. */
    public static AddressGuard onLoopback(Resolver resolver) {
        return new AddressGuard(AddressRules.proxies(List.of(Cidr.parse("127.0.0.0/8"))), resolver);
    }
}
