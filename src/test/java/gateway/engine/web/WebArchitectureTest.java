package gateway.engine.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the multi-device engine may not lean on: the house around it, and the server of that house. */
@AnalyzeClasses(packages = "gateway.engine.web", importOptions = ImportOption.DoNotIncludeTests.class)
class WebArchitectureTest {
    @ArchTest
    static final ArchRule THE_ENGINE_LEANS_ON_NOTHING_ABOVE_IT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "gateway.api..",
                    "gateway.http..",
                    "gateway.messaging..",
                    "gateway.webhook..",
                    "io.helidon.common..",
                    "io.helidon.http..",
                    "io.helidon.webserver..",
                    "io.helidon.webclient..");

    @ArchTest
    static final ArchRule ONLY_THE_BOOK_SPEAKS_TO_THE_DATABASE = noClasses()
            .that()
            .resideOutsideOfPackage("gateway.engine.web.book..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.helidon..");
}
