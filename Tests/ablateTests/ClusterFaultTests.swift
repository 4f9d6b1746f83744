import Foundation
import TestSupport
import Testing

/// What is refused, damaged, changed or another user's.
@Suite("Faults on a cluster")
struct ClusterFaultTests {
    @Test("what Slurm does not take is told with exit code 1, and is submitted the next time")
    func refused() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            echo 2 > limit
            "$A" submit tiny.yaml > /dev/null; echo "exit code $?"
            rm limit
            name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\\1/p' script-2)
            runScript script-1 > /dev/null
            for i in 0 1 2; do echo "102|$i|$name|PENDING|0:00||Resources"; done > queue
            "$A" submit tiny.yaml | head -1
            "$A" cancel tiny; grep scancel calls
            """)
        #expect(
            outcome.output == """
                exit code 1
                tiny-2: 3 stages in 1 task, 1 array
                cancelled jobs 102
                scancel 102

                """, "\(outcome.output)")
        #expect(
            outcome.errors.contains(
                "2 of 4 jobs were taken: sbatch refused: sbatch: error: QOSMaxSubmitJobPerUserLimit; the "
                    + "same command submits the rest later"), "\(outcome.errors)")
    }

    @Test(
        "an answer that is lost or says more than a number costs nothing: the queue knows the job by its name",
        arguments: [
            "echo 'sbatch: error: Socket timed out on send/recv operation' >&2; exit 1",
            "echo 'Welcome to the cluster'", "echo 102; echo 'quota: 3 of 10 jobs'",
        ])
    func oddAnswers(answer: String) throws {
        let program = try ScriptedCluster.program()
        try program.folder.write(answer + "\n", to: "answer")
        let outcome = try ScriptedCluster.shell(
            program,
            """
            "$A" submit tiny.yaml | grep jobs
            grep -c ^sbatch calls
            grep collect script-4 | grep -c ablate
            """)
        #expect(
            outcome.output == """
                jobs 101, 102, 103, 104
                4
                1

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("where the job that collects alone was refused, it is handed over the next time")
    func lateCollector() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            echo 3 > limit
            "$A" submit tiny.yaml > /dev/null; echo "exit code $?"
            rm limit
            for job in 1 2 3; do
              name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\\1/p' script-$job)
              for i in 0 1 2; do echo "10$job|$i|$name|PENDING|0:00||Resources"; done
            done > queue
            "$A" submit tiny.yaml; grep ^sbatch calls | tail -1 | grep -o afterany.*:103
            name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\\1/p' script-5)
            echo "105|N/A|$name|PENDING|0:00||Dependency" >> queue
            "$A" submit tiny.yaml
            """)
        #expect(
            outcome.output == """
                exit code 1
                tiny-2: the job that collects what is in the queue
                jobs 105
                look: ablate status tiny; the last job writes the table
                afterany:101:102:103
                nothing to submit: 0 of 13 stages done, 13 in the queue

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("where Slurm would take nothing, nothing is changed: no plan, no folder")
    func refusedAtOnce() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            "$A" run tiny.yaml --quiet > /dev/null
            touch down
            "$A" submit tiny.yaml -S seeds=9 2> said || echo "exit code $?"
            grep -o "invalid partition specified: x); nothing was submitted" said
            ls results | grep -v sqlite
            rm down
            "$A" submit tiny.yaml -S seeds=9 > /dev/null && ls -d results/tiny@1
            """)
        #expect(
            outcome.output == """
                exit code 2
                invalid partition specified: x); nothing was submitted
                cache
                tiny
                results/tiny@1

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test(
        "values are judged by the sweep's own study: an error of a program's may be 182 of its units"
    )
    func ranges() throws {
        let program = try ScriptedCluster.program()
        try program.folder.write(
            """
            name: units
            study: command
            command: [sh, units.sh]
            settings: {x: {kind: integer, default: 0}}
            figures: {error: {unit: ms, better: lower}}
            inputs: [units.sh]
            parameters: {x: [0, 1]}
            seeds: 5

            """, to: "units.yaml")
        try program.folder.write(
            "echo '{\"error\": '$((178 + ABLATE_SEED))'}' > $ABLATE_OUTPUT/figures.json",
            to: "units.sh")
        let outcome = try ScriptedCluster.shell(
            program,
            """
            "$A" run units.yaml --quiet --results whole > /dev/null
            "$A" submit units.yaml --by-hand > said
            $(sed -nE 's/^  (.* stage .*)/\\1/p' said) > /dev/null
            "$A" collect | tail -1
            cmp whole/units/table.json results/units/table.json && echo same
            "$A" merge whole --results merged > /dev/null && "$A" status units --results merged | grep -o '10 done'
            """)
        #expect(
            outcome.output == """
                units: 10 of 10 trials done: results/units/table.md
                same
                10 done

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test(
        "a submission that cannot be read, or says what cannot be, is told; nothing is handed over twice"
    )
    func damagedSubmission() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            "$A" submit tiny.yaml > /dev/null
            file=results/exchange/submissions/tiny-1/submission.json
            cp $file whole; calls=$(grep -c ^sbatch calls)
            for damage in 'head -c 100 whole' \\
                "sed s/.taskCount.:[0-9]*/\\\"taskCount\\\":9223372036854775807/g whole"; do
              eval "$damage" > $file
              "$A" submit tiny.yaml 2> said; echo "exit code $?"
              "$A" cancel 2>> said; echo "exit code $?"
              grep -c "submission.json cannot be read" said
              "$A" status tiny | grep -o "submission.json cannot be read"
            done
            [ $(grep -c ^sbatch calls) = $calls ] && echo "nothing was handed over"
            """)
        let each = """
            exit code 2
            exit code 2
            2
            submission.json cannot be read

            """
        #expect(
            outcome.output == each + each + "nothing was handed over\n",
            "\(outcome.output) \(outcome.errors)")
    }

    @Test("what the mask leaves to a group may be written by it, the database and its logs too")
    func users() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            umask 002
            "$A" submit tiny.yaml > /dev/null
            "$A" status --watch > /dev/null & watch=$!
            until [ -e results/ablate.sqlite-shm ]; do sleep 0.05; done
            (cd results; stat -c '%a %n' ablate.sqlite*)
            kill $watch
            find results ! -type l ! -perm -g+w
            """)
        #expect(
            outcome.output == """
                664 ablate.sqlite
                664 ablate.sqlite-shm
                664 ablate.sqlite-wal

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("a task whose inputs have changed since computes nothing and says what to do")
    func changed() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            "$A" submit tiny.yaml > /dev/null
            echo '# another' >> train.sh
            runScript script-2; echo "exit code $?"
            [ -f ran ] || echo "nothing ran"
            """)
        #expect(outcome.output.hasSuffix("exit code 2\nnothing ran\n"), "\(outcome.output)")
        #expect(outcome.errors.contains("its inputs or the program have changed since; submit the"))
    }
}
