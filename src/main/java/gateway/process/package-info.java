/** What a process needs whatever it does: how it ends, and how the system's refusals are told apart. Leans on no other room. */
package gateway.process;
