import Foundation
import TestSupport
import Testing

/// Submission, tasks and collection by the program itself, beside a Slurm of shell scripts that write down what
/// they are asked; `make check-slurm` does the same with the real one.
@Suite("Sweeps on a cluster")
struct ClusterTests {
    /// Two preparations with what evaluates each, and what both share.
    private static let sweep = """
        name: tiny
        study: command
        stages:
          data: {command: [sh, data.sh], seeds: false, settings: [], leaves: data}
          train: {needs: data, command: [sh, train.sh, "{needs.data}"], settings: [size], leaves: model}
          score: {needs: train, command: [sh, score.sh, "{needs.train}"], settings: [bonus]}
        settings:
          size: {kind: integer, default: 1}
          bonus: {kind: integer, default: 0}
        figures: {points: {better: higher}}
        inputs: [data.sh, train.sh, score.sh]
        parameters: {size: [1, 2], bonus: [0, 3]}
        seeds: 2
        cluster: {slurm: {partition: debug}, task_time: 0.001s}

        """

    /// `queue` has the lines of squeue; `limit` the number of jobs that are taken.
    private static let slurm = [
        "sbatch": """
        case $* in *--test-only*)
          [ ! -f down ] || { echo "sbatch: error: invalid partition specified: x" >&2; exit 1; }
          exit 0 ;;
        esac
        echo "sbatch $*" >> calls
        n=$(($(cat count 2>/dev/null || echo 0) + 1)); echo $n > count
        if [ -f limit ] && [ $n -gt $(cat limit) ]; then
          echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1
        fi
        for script; do :; done
        cp "$script" script-$n
        echo $((100 + n))
        """,
        "squeue": "echo \"squeue $*\" >> calls; cat queue 2>/dev/null; exit 0",
        "scancel": "echo \"scancel $*\" >> calls",
        "scontrol": "echo \"scontrol $*\" >> calls; echo \"MaxArraySize            = 3\"",
    ]

    /// Runs the scripts that were handed over, every task of each.
    private static let runAll = """
        runScript() {
          code=0
          last=$(sed -nE 's/^#SBATCH --array=0-([0-9]+).*/\\1/p' $1)
          if [ -z "$last" ]; then SLURM_JOB_ID=1 sh $1; return; fi
          for index in $(seq 0 $last); do
            SLURM_ARRAY_JOB_ID=1 SLURM_ARRAY_TASK_ID=$index SLURM_JOB_ID=1 sh $1 || code=$?
          done
          return $code
        }

        """

    private func program() throws -> Program {
        let program = try Program()
        for (name, text) in Self.slurm {
            let file = try program.folder.file("bin/\(name)")
            try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        try program.folder.write(Self.sweep, to: "tiny.yaml")
        try program.folder.write(
            "echo data >> ran; mkdir $ABLATE_OUTPUT/data; echo 10 > $ABLATE_OUTPUT/data/x",
            to: "data.sh")
        try program.folder.write(
            """
            echo train >> ran; mkdir $ABLATE_OUTPUT/model
            echo $(($(cat $1/x) * ABLATE_SETTING_SIZE + ABLATE_SEED)) > $ABLATE_OUTPUT/model/x
            """, to: "train.sh")
        try program.folder.write(
            """
            echo score >> ran
            [ ! -f fails ] || [ $ABLATE_SETTING_BONUS = 0 ] || exit 3
            echo '{"points": '$(($(cat $1/x) + ABLATE_SETTING_BONUS))'}' > $ABLATE_OUTPUT/figures.json
            """, to: "score.sh")
        return program
    }

    private func shell(_ program: Program, _ lines: String) throws -> Program.Outcome {
        try program.shell("export PATH=\"$PWD/bin:$PATH\" HOME=$PWD\n" + Self.runAll + lines)
    }

    private static let expected = """
        "$A" run tiny.yaml --quiet --results whole > /dev/null
        cmp whole/tiny/table.md results/tiny/table.md && cmp whole/tiny/table.json results/tiny/table.json \\
          && echo same

        """

    @Test(
        "submitted, computed task by task and collected, give the table of one run, each stage once"
    )
    func whole() throws {
        let outcome = try shell(
            try program(),
            """
            "$A" submit tiny.yaml
            for n in $(seq $(cat count)); do runScript script-$n > log-$n || echo "exit code $?"; done
            sort ran | uniq -c | tr -s ' '
            grep dependency calls | sed -E 's/ [^ ]*exchange.*//'
            sed -n '$s#: /.*/results/#: results/#p' log-$(cat count)
            \(Self.expected)
            """)
        #expect(
            outcome.output == """
                tiny-1: 13 stages in 5 tasks (1 for what the others share), 3 arrays
                jobs 101, 102, 103, 104
                look: ablate status tiny; the last job writes the table
                 1 data
                 8 score
                 4 train
                sbatch --parsable --dependency=afterany:101
                sbatch --parsable --dependency=afterany:101
                sbatch --parsable --dependency=afterany:101:102:103
                tiny: 8 of 8 trials done: results/tiny/table.md
                same

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("submitting again hands over what is missing, and nothing that is in the queue")
    func again() throws {
        let outcome = try shell(
            try program(),
            """
            "$A" submit tiny.yaml > /dev/null
            name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\\1/p' script-2)
            runScript script-1 > /dev/null
            # The first array waits, the second has gone.
            for i in 0 1 2; do echo "102|$i|$name|PENDING|0:00||Resources"; done > queue
            "$A" submit tiny.yaml | head -2
            tail -1 calls | sed -E 's/ [^ ]*exchange.*//'
            "$A" status tiny | grep tasks
            rm queue
            "$A" submit tiny.yaml --dry-run | tail -1
            "$A" submit tiny.yaml | head -1
            for n in $(seq 7 $(cat count)); do runScript script-$n > /dev/null; done
            "$A" submit tiny.yaml
            sort ran | uniq -c | tr -s ' '
            """)
        #expect(
            outcome.output == """
                tiny-2: 3 stages in 1 task, 1 array
                jobs 105, 106
                sbatch --parsable --dependency=afterany:105:102
                  tiny-1: 1 of 13 stages handed in; tasks: 0 running, 3 waiting (Resources)
                12 stages in 4 tasks, 2 arrays
                tiny-3: 12 stages in 4 tasks, 2 arrays
                nothing to submit: 13 of 13 stages done, 0 in the queue
                 1 data
                 8 score
                 4 train

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("status tells of the queue in words and as JSON, and so does the page, which asks once")
    func queue() throws {
        let outcome = try shell(
            try program(),
            """
            "$A" submit tiny.yaml > /dev/null
            runScript script-1 > /dev/null
            name=$(sed -nE 's/^#SBATCH --job-name=(.*)/\\1/p' script-2)
            { echo "102|0|$name|RUNNING|1:02|n7|None"; echo "102|1|$name|PENDING|0:00||Resources"
              echo "102|2|$name|PENDING|0:00||JobHeldUser"
              echo "104|N/A|$(echo $name | sed s/chains-0/collect/)|PENDING|0:00||Dependency"; } > queue
            echo '{"phase": "running", "host": "n7", "job": "102_0", "stage": "train size 1", "step": 3,
              "steps": 9, "detail": "loss 2", "stagesFinished": 1, "stages": 3}' \\
              > results/exchange/submissions/tiny-1/tasks/1.json
            "$A" status tiny | sed -n '/tiny-1/,$p'
            "$A" status tiny --format json | tr -d ' \\n' | sed -E 's/.*("submissions":.*),"trials".*/\\1/'; echo
            rm calls
            "$A" serve --port 0 > address & page=$!
            until [ -s address ]; do sleep 0.05; done
            port=$(sed -E 's#.*:([0-9]+)/.*#\\1#' address)
            for browser in 1 2 3; do
              exec 3<>/dev/tcp/127.0.0.1/$port
              printf '%s\\r\\n' "GET /api/queue?sweep=tiny HTTP/1.0" "Host: localhost:$port" \\
                "Connection: close" "" >&3
              tail -1 <&3 | grep -o '"waiting".*'
            done
            kill $page; wait $page
            [ $(grep -c squeue calls) -lt 3 ] && echo "the queue was asked less often than the page"
            """)
        let waiting =
            #""waiting":[{"isHeld":false,"reason":"Resources","tasks":1},"#
            + #"{"isHeld":true,"reason":"JobHeldUser","tasks":1}]"#
        let running =
            #""running":[{"detail":"loss2","job":"102_0","node":"n7","number":1,"#
            + #""stage":"trainsize1","stages":3,"stagesFinished":1,"state":"running","step":3,"#
            + #""steps":9,"time":"1:02"}]"#
        #expect(
            outcome.output == """
                  tiny-1: 1 of 13 stages handed in; tasks: 1 running, 1 waiting (Resources), 1 held (JobHeldUser)
                  tiny-1: collecting waits (Dependency)
                  held tasks keep the collecting job waiting: release them (scontrol release), or collect by hand
                  task 1 on n7 (job 102_0, running for 1:02): train size 1, step 3 of 9, loss 2; 1 of 3 stages done
                "submissions":[{"collector":"waits(Dependency)","name":"tiny-1","notSubmitted":0,\(running),\
                "stages":13,"stagesHandedIn":1,"stagesToCollect":1,"stopped":[],\(waiting)}]
                \(waiting)}]}
                \(waiting)}]}
                \(waiting)}]}
                the queue was asked less often than the page

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("what Slurm does not take is told with exit code 1, and is submitted the next time")
    func refused() throws {
        let outcome = try shell(
            try program(),
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

    @Test("a failing trial is a failure of its own; --rerun failed submits it again")
    func failing() throws {
        let outcome = try shell(
            try program(),
            """
            touch fails
            "$A" submit tiny.yaml > /dev/null
            for n in 1 2 3 4; do runScript script-$n > log-$n; echo "exit code $?"; done
            sed -nE 's#: /.*/results/#: results/#; /trials done/p;/failed/p' log-4
            "$A" submit tiny.yaml
            rm fails
            "$A" submit tiny.yaml --rerun failed | sed -n '1s/, [^,]* of computing//p'
            for n in $(seq 5 $(cat count)); do runScript script-$n > /dev/null; done
            \(Self.expected)
            """)
        #expect(
            outcome.output == """
                exit code 0
                exit code 1
                exit code 1
                exit code 1
                tiny: 4 of 8 trials done: results/tiny/table.md
                  4 failed ('ablate status tiny' says why): submit --rerun failed tries them again
                nothing to submit: 9 of 13 stages done, 0 in the queue; 4 failed ('ablate status tiny' says why): \
                --rerun failed tries them again
                tiny-2: 4 stages in 4 tasks, 2 arrays
                same

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test(
        "by hand, two processes share a folder's tasks; collected half-way, beside them, and again")
    func byHand() throws {
        let outcome = try shell(
            try program(),
            """
            "$A" submit tiny.yaml --by-hand > said
            start=$(sed -nE 's/^  (.* stage .*)/\\1/p' said)
            $start > first & first=$!
            $start > second & second=$!
            "$A" collect > /dev/null
            wait $first; echo "exit code $?"; wait $second; echo "exit code $?"
            "$A" collect | head -1 | cut -d' ' -f2-4
            "$A" collect | tail -1
            sort ran | uniq -c | tr -s ' '
            [ -f calls ] || echo "Slurm was not asked"
            \(Self.expected)
            """)
        #expect(
            outcome.output == """
                exit code 0
                exit code 0
                results taken in,
                tiny: 8 of 8 trials done: results/tiny/table.md
                 1 data
                 8 score
                 4 train
                Slurm was not asked
                same

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("where Slurm would take nothing, nothing is changed: no plan, no folder")
    func refusedAtOnce() throws {
        let outcome = try shell(
            try program(),
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

    @Test("status says what is handed in and not collected; collect, what is missing of the plan")
    func handedIn() throws {
        let outcome = try shell(
            try program(),
            """
            export HOME=$PWD/home; mkdir home
            echo 'cluster: {task_time: 0.001s, most: 3}' > home/.ablate.yaml
            sed '/^cluster/d' tiny.yaml > plain.yaml
            "$A" submit plain.yaml --dry-run | grep -o 'array=0-[0-9]*%3' | head -1
            "$A" submit plain.yaml -S seeds=1 --by-hand > said
            grep -o 'at most [0-9]* at once have a task' said
            start=$(sed -nE 's/^  (.* stage .*)/\\1/p' said)
            $start --task 0 > /dev/null; $start --task 1 > /dev/null
            "$A" status tiny | grep 'handed in'
            "$A" collect | grep -o "missing: .* submits them"
            "$A" status tiny | grep 'handed in' || echo "nothing to collect"
            """)
        #expect(
            outcome.output == """
                array=0-0%3
                at most 3 at once have a task
                  tiny-1: 4 of 7 stages handed in, nothing at work: 'ablate collect' takes them in
                missing: 'ablate submit plain.yaml -S seeds=1' submits them
                nothing to collect

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("copies of the program go when the store has all that their submissions were to compute")
    func unneededPrograms() throws {
        let outcome = try shell(
            try program(),
            """
            gc() { "$A" gc $1 | sed -nE 's/^([0-9]+ cop[a-z]+ of the program[^,]*),.*/\\1/p'; ls results/exchange/builds | wc -l; }
            "$A" submit tiny.yaml --by-hand > said
            start=$(sed -nE 's/^  (.* stage .*)/\\1/p' said)
            find results/exchange/builds -exec touch -d '1 hour ago' {} +
            echo "waiting:"; gc
            $start > first
            echo "computed:"; gc
            "$A" collect > /dev/null
            touch results/exchange/builds/*/bin/*
            echo "collected, a moment ago:"; gc
            find results/exchange/builds -exec touch -d '1 hour ago' {} +
            echo "collected:"; gc --dry-run; gc
            echo '{' > results/exchange/submissions/tiny-1/submission.json
            "$A" gc > /dev/null 2> fault || echo "exit code $?"
            """)
        #expect(
            outcome.output == """
                waiting:
                1
                computed:
                1
                collected, a moment ago:
                1
                collected:
                1 copy of the program for submissions that are over
                1
                1 copy of the program for submissions that are over
                0
                exit code 2

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("what the mask leaves to a group may be written by it, the database and its logs too")
    func users() throws {
        let outcome = try shell(
            try program(),
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
        let outcome = try shell(
            try program(),
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
