/**
 * Reading a request: body, query, form and upload become typed fields, and every error names its field.
 */
@NullMarked
package gateway.api.request;

import org.jspecify.annotations.NullMarked;
