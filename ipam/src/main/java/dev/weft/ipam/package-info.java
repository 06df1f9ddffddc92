/// Pools of addresses, and what of them is given.
package dev.weft.ipam;
