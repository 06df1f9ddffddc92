/// What is wrong with a host as far as Weft can see: checks of a snapshot of facts, each with what to do about it.
package dev.weft.agent.doctor;
