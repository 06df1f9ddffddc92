/// What a mode of networks decides, and what all modes have alike: names of links, options, host access.
package dev.weft.drivers.mode;
