package gateway.twin.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The twin shares no code with the engine: otherwise it would prove nothing about the engine. */
@AnalyzeClasses(packages = "gateway.twin")
class TwinArchitectureTest {
    @ArchTest
    static final ArchRule THE_TWIN_SHARES_NO_CODE_WITH_THE_ENGINE =
            noClasses().should().dependOnClassesThat().resideInAPackage("gateway.engine..");
}
