import Foundation
import Testing

/// A run of programs that is killed takes them with it.
@Suite("Killed runs of programs")
struct ProgramKillTests {
    @Test("after kill -9 nothing that the run has started computes; the next run finishes it")
    func killed() throws {
        let program = try Program()
        try Data(
            """
            name: killed
            study: command
            command: [sh, slow.sh]
            settings: {size: {kind: integer, default: 1}}
            figures: {points: {better: higher}}
            inputs: [slow.sh]
            parameters: {size: [1, 2]}

            """.utf8
        ).write(to: program.folder.url.appending(path: "killed.yaml"))
        try Data(
            """
            (sleep 654321 &)
            setsid sleep 654321 &
            touch started
            [ -f quick ] || sleep 654321
            echo '{"points": 1}' > "$ABLATE_OUTPUT/figures.json"

            """.utf8
        ).write(to: program.folder.url.appending(path: "slow.sh"))
        let outcome = try program.shell(
            """
            "$A" run killed.yaml --quiet -j 2 & run=$!
            for i in $(seq 500); do [ -f started ] && break; sleep 0.02; done
            sleep 0.1; kill -KILL $run; wait $run
            for i in $(seq 250); do pgrep -fx 'sleep 654321' > /dev/null || break; sleep 0.02; done
            pgrep -fx 'sleep 654321' > /dev/null && echo orphans
            touch quick
            "$A" run killed.yaml --quiet -j 2 > table; echo "exit code $?"
            pgrep -fx 'sleep 654321' > /dev/null && echo orphans
            grep -c '1.0' table
            """)
        #expect(outcome.output == "exit code 0\n2\n", "\(outcome.output) \(outcome.errors)")
    }
}
