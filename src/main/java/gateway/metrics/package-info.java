/** What the gateway tells Prometheus: every name, unit and help text in {@link gateway.metrics.Metrics}. */
@NullMarked
package gateway.metrics;

import org.jspecify.annotations.NullMarked;
