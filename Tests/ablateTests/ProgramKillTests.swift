import Foundation
import TestSupport
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
            sleep 600 & echo $! >> processes
            setsid sh -c 'echo $$ >> processes; exec sleep 600' &
            sleep 0.1
            touch started
            [ -f quick ] || exec sleep 600
            echo '{"points": 1}' > "$ABLATE_OUTPUT/figures.json"

            """.utf8
        ).write(to: program.folder.url.appending(path: "slow.sh"))
        let outcome = try program.shell(
            """
            # How many of the processes that the programs have named are still there.
            left() {
              count=0
              for process in $(cat processes); do
                if kill -0 $process 2> /dev/null; then count=$((count + 1)); fi
              done
              echo $count
            }
            "$A" run killed.yaml --quiet -j 2 & run=$!
            for i in $(seq 500); do [ -f started ] && break; sleep 0.02; done
            [ $(left) -ge 2 ] && echo computing
            "$A" run killed.yaml --fresh --quiet 2> refusal; echo "fresh $?"
            grep -c "is being run by process $run" refusal
            kill -KILL $run; wait $run
            for i in $(seq 250); do [ $(left) = 0 ] && break; sleep 0.02; done
            echo "left $(left)"
            touch quick
            "$A" run killed.yaml --quiet -j 2 > table; echo "exit code $?"
            echo "left $(left)"
            grep -c '1.0' table
            """)
        #expect(
            outcome.output == "computing\nfresh 2\n1\nleft 0\nexit code 0\nleft 0\n2\n",
            "\(outcome.output) \(outcome.errors)")
    }
}
