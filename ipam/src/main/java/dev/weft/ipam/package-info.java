/// Weft's own IPAM driver: pools of addresses, and what of them is given.
package dev.weft.ipam;
