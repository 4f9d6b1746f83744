#if arch(x86_64)
    import Foundation
    import TestSupport
    import Testing

    /// OpenBLAS has kernels for many processors and chooses among them when it is loaded.
    @Suite("Kernels of OpenBLAS")
    struct KernelChoiceTests {
        private let program: Program

        init() throws { program = try Program() }

        @Test(
            "those for Haswell compute the results, whatever the processor, unless the caller chooses"
        )
        func results() throws {
            try program.writeSweep()
            let outcome = try program.shell(
                """
                $A run tiny.yaml --results r > /dev/null && $A export tiny --to csv -o r/flat --results r > /dev/null
                OPENBLAS_CORETYPE=Prescott $A run tiny.yaml --results p > /dev/null \
                    && $A export tiny --to csv -o p/flat --results p > /dev/null
                grep -c 'OpenBLAS Haswell' r/flat/trials.csv
                grep -c 'OpenBLAS Prescott' p/flat/trials.csv
                """)
            #expect(outcome.output == "2\n2\n", "\(outcome.errors)")
        }

        @Test("arguments, standard input and the exit code are as they were given")
        func arguments() throws {
            try program.writeSweep()
            let outcome = try program.shell(
                "$A plan tiny.yaml --results r -S 'name=two  words'; echo $?; bash -c 'exec -a other $A --version'"
            )
            #expect(outcome.errors.contains("two  words"), "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("2\n"), "\(outcome.output)")
        }

        @Test(
            "a program that a stage runs has the environment of the caller", arguments: ["", "Zen"])
        func environment(given: String) throws {
            try """
            name: environment
            study: command
            command: [sh, stage.sh]
            settings: {size: {kind: integer, default: 1}}
            figures: {points: {better: higher}}
            """.write(
                to: program.folder.url.appending(path: "environment.yaml"), atomically: true,
                encoding: .utf8)
            let set =
                given.isEmpty ? "unset OPENBLAS_CORETYPE" : "export OPENBLAS_CORETYPE=\(given)"
            let outcome = try program.shell(
                """
                echo 'env | grep -E "CORETYPE|CHOSE" > seen; echo "{\\"points\\": 1}" > $ABLATE_OUTPUT/figures.json' \
                    > stage.sh
                sed -i "s|> seen|> $PWD/seen|" stage.sh
                \(set); $A run environment.yaml --results r > /dev/null; cat seen
                """)
            #expect(
                outcome.output == (given.isEmpty ? "" : "OPENBLAS_CORETYPE=\(given)\n"),
                "\(outcome.errors)")
        }
    }
#endif
