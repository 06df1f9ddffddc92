/// The agent: its command line, its wiring, and the loop that mends what should exist.
package dev.weft.agent;
