package dev.weft.drivers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PlanTest {
    private static final Step ONE = new Step.CreateBridge("one", 1450, "weft network 1");
    private static final Step TWO = new Step.CreateBridge("two", 1450, "weft network 2");
    private static final Step THREE = new Step.CreateBridge("three", 1450, "weft network 3");
    private static final Plan PLAN = Plan.of(ONE, TWO, THREE);

    private final ScriptedKernel kernel = new ScriptedKernel();

    @Test
    void steps_are_applied_in_order_and_those_that_changed_something_are_told() {
        kernel.apply(TWO);
        assertThat(PLAN.applyTo(kernel)).containsExactly(ONE, THREE);
        assertThat(kernel.inForce).containsExactlyInAnyOrder(ONE, TWO, THREE);
    }

    @Test
    void applied_again_it_changes_nothing() {
        PLAN.applyTo(kernel);
        assertThat(PLAN.applyTo(kernel)).isEmpty();
    }

    @Test
    void a_failing_step_takes_back_what_this_plan_changed_last_first_and_nothing_else() {
        kernel.apply(ONE);
        kernel.log.clear();
        kernel.failOn(THREE::equals);
        assertThatThrownBy(() -> PLAN.applyTo(kernel)).hasMessage("link x refuses CreateBridge.");
        assertThat(kernel.log).containsExactly("apply " + TWO, "undo " + TWO);
        assertThat(kernel.inForce).containsExactly(ONE);
    }

    @Test
    void a_failing_step_leaves_what_was_there_and_was_only_mended() {
        kernel.apply(ONE);
        kernel.damage(ONE);
        kernel.failOn(THREE::equals);
        assertThatThrownBy(() -> PLAN.applyTo(kernel)).hasMessage("link x refuses CreateBridge.");
        assertThat(kernel.inForce).containsExactly(ONE);
    }

    @Test
    void what_cannot_be_taken_back_is_told_beside_the_failure() {
        kernel.failOn(THREE::equals);
        kernel.stickOn(TWO::equals);
        assertThatThrownBy(() -> PLAN.applyTo(kernel))
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .hasSize(1)
                        .allMatch(leftover -> leftover.getMessage().equals("link x does not let go of CreateBridge.")));
        assertThat(kernel.inForce).containsExactly(TWO);
    }

    @Test
    void undoing_goes_on_after_a_failure_and_throws_it_at_the_end() {
        PLAN.applyTo(kernel);
        kernel.stickOn(TWO::equals);
        assertThatThrownBy(() -> PLAN.undoIn(kernel)).hasMessage("link x does not let go of CreateBridge.");
        assertThat(kernel.inForce).containsExactly(TWO);
    }
}
