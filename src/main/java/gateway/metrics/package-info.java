/** What the gateway tells Prometheus: every name, unit and help text in {@link gateway.metrics.Metrics}. */
package gateway.metrics;
