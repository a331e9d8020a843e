/**
 * The description of the API, {@code /openapi.yaml}, and the page made of it.
 */
package gateway.api.docs;
