/// What users do, on real engines, numbered by theme; and the rules that hold for the whole tree.
package dev.weft.system;
