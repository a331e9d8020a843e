package gateway.api;

import gateway.api.media.Intake;
import gateway.api.request.Bodies;
import gateway.api.request.Recipients;

/** What reads a request, for routes that are registered beside the contract's own. */
public record RequestTools(AccountCalls accounts, Bodies bodies, Recipients recipients, Intake intake) {}
