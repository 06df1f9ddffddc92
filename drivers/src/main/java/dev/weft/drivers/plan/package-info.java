/// Intended changes of the kernel's networking as data: steps, plans that apply and undo them, and the kernel.
package dev.weft.drivers.plan;
