# The gateway's commands. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help build run test crash-test soak rotation-drill hostile fuzz schemathesis siege lint guards-proof monitoring-test appliance-test red-proofs transitions vm-test image collection reproducible bench bench-backlog bench-beside bench-instances outdated twin interop clients backup-drill backup-targets reference site prose prerequisites-%
MAVEN := mvn -B -ntp -Dstyle.color=never
# Errors only, and the warnings of the program's compilation, because each of them fails the build.
QUIET := -q -Dorg.slf4j.simpleLogger.log.org.apache.maven.plugin.compiler.CompilerMojo=warn
ALONE := $(QUIET) test -Dtests.forks=1
JAR   := target/lib/whatsapp.jar
IMAGE := target/image/opt/whatsapp/whatsapp
VERSIONS := org.codehaus.mojo:versions-maven-plugin:2.22.0
UNRELEASED := (?i).*[.-](alpha|beta|rc|cr|m|preview|snapshot).*,[0-9]{8}.*
SOURCES := pom.xml $(shell find src/main -not -path 'src/main/dist*')

help:
	@sed -n 's/^\([a-z-]*\):.*## /make \1|/p' Makefile | column -t -s '|'

run: build ## build, and start the gateway on http://127.0.0.1:3000 with the sandbox engine
	@exec ./whatsapp rest $(ARGS)

test: prerequisites-test ## every test that needs no root
	@rm -rf target/lib target/surefire-reports
	$(MAVEN) verify $(if $(filter true,$(CI)),-Dtests.again=1)
	@src/build/flaky target/surefire-reports target/flaky.json
	src/build/sbom target/sbom.json target/lib
	src/build/asvs check target/surefire-reports
	monitoring/tests/run

CRASH_sandbox := CrashTest,MigrationCrashTest,OutageTest
CRASH_web := WebCrashTest,WebFailoverTest
CRASH_FILE = target/crash$(if $(filter web,$(ENGINE)),-web).json

crash-test: prerequisites-test ## kill the gateway KILLS times under load, ENGINE=sandbox or web (this one also pauses one of two nodes PAUSES times): target/crash*.json
	$(if $(CRASH_$(or $(ENGINE),sandbox)),,$(error ENGINE is sandbox or web))
	@rm -f $(CRASH_FILE)
	$(MAVEN) $(ALONE) -Dtest='$(CRASH_$(or $(ENGINE),sandbox))' -Dcrash.kills=$(or $(KILLS),100) -Dcrash.pauses=$(or $(PAUSES),10) -Dcrash.back=5
	@cat $(CRASH_FILE)

soak: prerequisites-test ## let everything go wrong between the web engine and its twin for MINUTES, 30 by itself; SEED repeats a run: target/soak-web.json
	$(if $(filter web,$(or $(ENGINE),web)),,$(error ENGINE is web))
	@rm -f target/soak-web.json
	$(MAVEN) $(ALONE) -Dtest=WebSoakTest -Dsoak.minutes=$(or $(MINUTES),30) $(if $(SEED),-Dsoak.seed=$(SEED))
	@cat target/soak-web.json

rotation-drill: prerequisites-test ## rotate every secret twice at 1,000 requests and 200 events a second: target/rotation.json
	$(MAVEN) $(ALONE) -Dtest=RotationDrillTest -Ddrill.requests=1000 -Ddrill.events=200 -Ddrill.calm=2000 -Ddrill.within=2
	@cat target/rotation.json

hostile: prerequisites-test ## CALLS hostile calls by generators with the seed SEED, on both databases: target/hostile.json
	@rm -f target/hostile.json
	$(MAVEN) $(ALONE) -Dtest=HostilityTest -Dhostile.calls=$(or $(CALLS),100000) $(if $(SEED),-Dhostile.seed=$(SEED))
	@cat target/hostile.json

fuzz: build ## RUNS inputs by Jazzer, a million by itself, for each parser of foreign bytes, or for TARGET alone (needs Maven Central, once): target/fuzz.json
	@rm -f target/fuzz.json
	@src/build/fuzz $(or $(RUNS),1000000) $(if $(TARGET)$(SEED),'$(or $(TARGET),NODE STANZA PROTOBUF SIGNAL SENDER_KEY PAIRING)') $(SEED)
	@cat target/fuzz.json

schemathesis: build ## the PyPI program schemathesis over openapi.yaml for SECONDS, 100 by itself: target/schemathesis.json
	@src/build/schemathesis $(SECONDS)

twin: prerequisites-build ## WhatsApp's servers and phones on loopback, for tests, on PORT, 9399 by itself
	@exec src/build/twin $(PORT)

interop: build ## unmodified whatsmeow and Baileys against the twin, and with the web engine (needs Go 1.26, Node 20 and npm): target/interop.json
	@src/build/interop

clients: prerequisites-clients build ## unmodified public clients against the built server (needs Go 1.26, Node 20, npm and Python 3.12): target/clients.json
	@src/build/clients

backup-drill: prerequisites-test ## every fault of a backup, and DISASTERS lost machines, 20 by itself, and the costs of MESSAGES and MEDIA: target/backup.json
	@src/build/backup-drill $(or $(DISASTERS),20) $(or $(MESSAGES),2000) $(or $(MEDIA),10)

backup-targets: prerequisites-backups build ## backups in a bucket of moto (PyPI), read back by rclone, opened by gpg, zstd and sqlite3: target/backup-targets.json
	@src/build/backup-targets

reference: prerequisites-test ## the generated pages and the man page, written anew from the program
	$(MAVEN) $(ALONE) -Dtest=ReferencePagesTest -Dreference.write=true

site: prerequisites-build ## the documents as HTML: target/site/index.html
	@src/build/site

prose: ## the language of every Markdown file by Vale (needs Go 1.26)
	@src/build/prose

monitoring-test: prerequisites-test build ## the rules, dashboards and notifications alone: part of make test
	monitoring/tests/run

lint: prerequisites-lint ## format of shell, Python and Java, likely mistakes of shell and Python (needs PyPI, once); src/build/lint --fix formats
	@src/build/lint

guards-proof: prerequisites-build prerequisites-lint ## plants a violation of each kind in a copy, and expects its guard to see it: target/guards.json
	@src/build/guards-proof

image: $(IMAGE) ## the tree for /opt/whatsapp and its Debian package, under target/

$(IMAGE): LICENSE

collection: prerequisites-collection ## the Ansible collection of the playbooks and roles, under target/collection
	@src/build/collection

reproducible: prerequisites-image ## build the image twice, under different circumstances, and compare
	src/build/reproducible

siege: prerequisites-image image ## attack the image for a minute in each of fourteen ways, beside a client that behaves: target/siege.json
	src/build/siege $(ARGS)

bench: prerequisites-bench image ## measure: a table, and target/bench.json
	src/build/bench

bench-backlog: prerequisites-bench image ## the same with a million messages waiting; minutes. Adds to target/bench.json
	src/build/bench backlog

bench-beside: prerequisites-bench image ## the loads in alternating rounds with another image, BEFORE=its tree for /opt/whatsapp. Adds to target/bench.json
	BEFORE=$(BEFORE) src/build/bench beside

bench-instances: prerequisites-bench image ## what one of twenty instances costs. Adds to target/bench.json
	src/build/bench instances

appliance-test: image ## a bare Debian 13 becomes the appliance, in containers and in a whole machine (needs root; TIERS='static container': a part)
	ansible/tests/run $(or $(TIERS),static container alternatives machine)

red-proofs: image ## break the converged machine once for each check, and see exactly that check red, after appliance-test (needs root): target/posture.json
	ansible/tests/run proofs

transitions: image ## change the converged machine's settings there and back, by a table, after appliance-test (needs root; TRANSITIONS='3 4': some rows)
	ansible/tests/run transitions

vm-test: image ## the whole machine again, after appliance-test (needs root)
	ansible/tests/run machine

outdated: prerequisites-build ## which libraries and build tools have a newer release; changes nothing
	@rm -f target/outdated.txt
	@$(MAVEN) -q $(addprefix $(VERSIONS):display-,property-updates dependency-updates plugin-updates) \
	    -Dmaven.version.ignore='$(UNRELEASED)' -DprocessDependencyManagementTransitive=false \
	    -Dversions.outputFile=target/outdated.txt -Dversions.logOutput=false
	@cat target/outdated.txt

build: $(JAR) ## compile and pack, without tests

prerequisites-%:
	@src/build/prerequisites $*

# Folders are among the sources: a deleted file makes its folder newer. Old jars and classes never linger.
$(JAR): $(SOURCES) | prerequisites-build
	@rm -rf target/classes target/lib
	@echo "Building. The first time, this also fetches the libraries and the build tools."
	$(MAVEN) $(QUIET) package -DskipTests
	@touch $@

$(IMAGE): $(JAR) whatsapp src/main/dist/java.options src/main/dist/whatsapp.1 src/build/image src/build/train | prerequisites-image
	src/build/image
