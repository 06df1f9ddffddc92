/// This host as one of a cluster: who it is, where others reach it, and all that makes it one of them.
package dev.weft.agent.member;
