/** What a process needs to know of itself: which workers run in it, and whether they get on. Leans on nothing. */
package gateway.process;
