/** Other people's unmodified clients, each a process of its own, in front of the twin: {@code make interop}. */
package gateway.interop;
