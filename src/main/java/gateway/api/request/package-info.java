/**
 * Reading a request: body, query, form and upload become typed fields, and every error names its field.
 */
package gateway.api.request;
