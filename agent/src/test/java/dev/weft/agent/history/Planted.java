package dev.weft.agent.history;

import dev.weft.cluster.Store;
import dev.weft.drivers.plan.RecordingKernel;
import dev.weft.drivers.plan.Step;
import dev.weft.inet.Subnet;
import dev.weft.ipam.OwnBlocks;
import java.util.List;
import java.util.Optional;

/// Faults that histories must show: each makes one part of Weft wrong.
enum Planted implements SimulatedHost.Fault {
    /// Whoever writes a map of blocks last wins.
    WRITES_WITHOUT_COMPARISON {
        @Override
        public Store store(Store right) {
            return new ChangedStore(right) {
                @Override
                public Optional<Long> commit(List<Expect> expected, List<Put> writes) {
                    boolean isOfBlocks =
                            writes.stream().anyMatch(put -> put.key().startsWith("blocks/"));
                    return super.commit(isOfBlocks ? List.of() : expected, writes);
                }
            };
        }
    },
    /// Blocks with addresses in use become others', as if a timer took them back.
    BLOCKS_THAT_ARE_TAKEN_BACK {
        @Override
        public Store store(Store right) {
            return new ChangedStore(right) {
                @Override
                public Optional<Long> commit(List<Expect> expected, List<Put> writes) {
                    return super.commit(
                            expected,
                            writes.stream().map(ChangedStore::lessAnOwner).toList());
                }
            };
        }
    },
    /// That the last endpoint of a shard is gone is never told.
    DELETES_THAT_ARE_LOST {
        @Override
        public Store store(Store right) {
            return new ChangedStore(right) {
                @Override
                public Optional<Long> commit(List<Expect> expected, List<Put> writes) {
                    var kept = writes.stream()
                            .filter(put -> !put.key().startsWith("endpoints/")
                                    || !put.value().contains("\"endpoints\":[]"))
                            .toList();
                    return kept.isEmpty() ? Optional.of(1L) : super.commit(List.of(), kept);
                }
            };
        }
    },
    /// Entries of stations that are gone stay in the kernel.
    FORWARDING_THAT_STAYS {
        @Override
        public RecordingKernel kernel() {
            return new RecordingKernel() {
                @Override
                public Outcome apply(Step step) {
                    boolean isLess = step instanceof Step.Forward now
                            && inForce().stream()
                                    .anyMatch(other -> other instanceof Step.Forward before
                                            && before.device().equals(now.device())
                                            && before.stations().size()
                                                    > now.stations().size());
                    return isLess ? Outcome.FOUND : super.apply(step);
                }
            };
        }
    },
    /// Two hosts give the same address, and neither asks.
    ADDRESSES_OF_ANY_BLOCK {
        @Override
        public OwnBlocks blocks(OwnBlocks right) {
            return new OwnBlocks() {
                @Override
                public List<Subnet> own(String sharedId, Subnet subnet) {
                    return List.of(subnet);
                }

                @Override
                public List<Subnet> more(String sharedId, Subnet subnet) {
                    return List.of(subnet);
                }
            };
        }

        @Override
        public boolean claims() {
            return false;
        }
    }
}
