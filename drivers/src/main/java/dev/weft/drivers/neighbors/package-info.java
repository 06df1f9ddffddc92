/// Who has an address on the LAN: what is asked before a container takes one, told when it has it, and
/// heard later.
package dev.weft.drivers.neighbors;
