/**
 * The twin: WhatsApp's servers and phones, played on loopback by the wire's plain facts (dossier web-1 §8). The twin
 * shares no code with the engine; what it says is believed because other people's unmodified clients accept it.
 */
package gateway.twin.web;
