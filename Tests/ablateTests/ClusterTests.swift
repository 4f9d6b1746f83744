import Foundation
import TestSupport
import Testing

/// Submission, tasks and collection by the program itself, beside a Slurm of shell scripts that write down what
/// they are asked; `make check-slurm` does the same with the real one.
@Suite("Sweeps on a cluster")
struct ClusterTests {
    @Test(
        "submitted, computed task by task and collected, give the table of one run, each stage once"
    )
    func whole() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            "$A" submit tiny.yaml
            for n in $(seq $(cat count)); do runScript script-$n > log-$n || echo "exit code $?"; done
            sort ran | uniq -c | tr -s ' '
            grep dependency calls | sed -E 's/ [^ ]*exchange.*//'
            sed -n '$s#: /.*/results/#: results/#p' log-$(cat count)
            \(ScriptedCluster.expected)
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

    @Test("where the results of tasks come from is told as of any run")
    func provenance() throws {
        let program = try ScriptedCluster.program()
        try program.folder.write(String(repeating: "ab", count: 20) + "\n", to: ".git/HEAD")
        let outcome = try ScriptedCluster.shell(
            program,
            """
            "$A" submit tiny.yaml > /dev/null
            for n in $(seq $(cat count)); do runScript script-$n > log-$n; done
            rm -r .git
            "$A" why tiny "size 1, bonus 3" points | grep -o 'commit of the sweep file: [0-9a-f]*'
            """)
        #expect(
            outcome.output == "commit of the sweep file: abababababab\n",
            "\(outcome.output) \(outcome.errors)")
    }

    @Test("submitting again hands over what is missing, and nothing that is in the queue")
    func again() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
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
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
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

    @Test("a failing trial is a failure of its own; --rerun failed submits it again")
    func failing() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
            """
            touch fails
            "$A" submit tiny.yaml > /dev/null
            for n in 1 2 3 4; do runScript script-$n > log-$n; echo "exit code $?"; done
            sed -nE 's#: /.*/results/#: results/#; /trials done/p;/failed/p' log-4
            "$A" submit tiny.yaml
            rm fails
            "$A" submit tiny.yaml --rerun failed | sed -n '1s/, [^,]* of computing//p'
            for n in $(seq 5 $(cat count)); do runScript script-$n > /dev/null; done
            \(ScriptedCluster.expected)
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
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
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
            \(ScriptedCluster.expected)
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

    @Test("status says what is handed in and not collected; collect, what is missing of the plan")
    func handedIn() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
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

    @Test("a run beside tasks in one folder: each stage once, every trial done")
    func besideRun() throws {
        let program = try ScriptedCluster.program()
        try program.folder.write(
            """
            echo score >> ran; sleep 0.1
            echo '{"points": '$(($(cat $1/x) + ABLATE_SETTING_BONUS))'}' > $ABLATE_OUTPUT/figures.json
            """, to: "score.sh")
        let outcome = try ScriptedCluster.shell(
            program,
            """
            "$A" submit tiny.yaml --by-hand > said
            $(sed -nE 's/^  (.* stage .*)/\\1/p' said) > first & first=$!
            "$A" run tiny.yaml --quiet > /dev/null; echo "exit code $?"
            wait $first; echo "exit code $?"
            sort ran | uniq -c | tr -s ' '
            "$A" collect | tail -1
            "$A" run tiny.yaml --fresh --quiet > /dev/null
            grep -c score ran
            """)
        #expect(
            outcome.output == """
                exit code 0
                exit code 0
                 1 data
                 8 score
                 4 train
                tiny: 8 of 8 trials done: results/tiny/table.md
                16

                """, "\(outcome.output) \(outcome.errors)")
    }

    @Test("copies of the program go when the store has all that their submissions were to compute")
    func unneededPrograms() throws {
        let outcome = try ScriptedCluster.shell(
            try ScriptedCluster.program(),
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
}
