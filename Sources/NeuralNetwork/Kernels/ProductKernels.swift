/// Rows of numbers whose parts lie apart: `segments` runs of `length` floats, `pitch` floats from one
/// to the next. The patch of a convolution is one run for each row of its kernel.
struct SegmentedRows {
    let base: UnsafePointer<Float>
    /// Floats from one row to the next.
    let stride: Int
    let count: Int
    let segments: Int
    let pitch: Int
    let length: Int

    init(
        _ base: UnsafePointer<Float>, stride: Int, count: Int, segments: Int = 1, pitch: Int = 0,
        length: Int
    ) {
        self.base = base
        self.stride = stride
        self.count = count
        self.segments = segments
        self.pitch = pitch
        self.length = length
    }
}

/// rows x weights, with weights in panels: for each group of 64, 32 or 16 columns all its rows
/// one after the other (see ``packPanels``).
///
/// Shape: weights [segments * length, columns], result [count, outputStride]; columns a multiple
/// of 16. With `accumulate` the product is added to the result.
func rowsProduct(
    _ rows: SegmentedRows, _ weights: UnsafePointer<Float>, columns: Int,
    into output: UnsafeMutablePointer<Float>, outputStride: Int, accumulate: Bool = false
) {
    let inner = rows.segments * rows.length
    forEachGroup(columns) { first, width in
        let panel = weights + first * inner
        let target = output + first
        switch width {
        case 64:
            panelProduct(FourVectors.self, rows, panel, target, outputStride, accumulate)
        case 32:
            panelProduct(TwoVectors.self, rows, panel, target, outputStride, accumulate)
        default: panelProduct(OneVector.self, rows, panel, target, outputStride, accumulate)
        }
    }
}

private func panelProduct<G: VectorGroup>(
    _ type: G.Type, _ rows: SegmentedRows, _ weights: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ outputStride: Int, _ accumulate: Bool
) {
    var row = 0
    let s = rows.stride
    // Narrow groups take eight rows to have enough independent sums in flight.
    if G.width <= 32 {
        while row + 8 <= rows.count {
            let target = output + row * outputStride
            var r0 = start(type, target, accumulate)
            var r1 = start(type, target + outputStride, accumulate)
            var r2 = start(type, target + 2 * outputStride, accumulate)
            var r3 = start(type, target + 3 * outputStride, accumulate)
            var r4 = start(type, target + 4 * outputStride, accumulate)
            var r5 = start(type, target + 5 * outputStride, accumulate)
            var r6 = start(type, target + 6 * outputStride, accumulate)
            var r7 = start(type, target + 7 * outputStride, accumulate)
            var w = weights
            for segment in 0..<rows.segments {
                let a = rows.base + row * s + segment * rows.pitch
                for k in 0..<rows.length {
                    let group = G(w)
                    r0.add(a[k], group)
                    r1.add(a[k + s], group)
                    r2.add(a[k + 2 * s], group)
                    r3.add(a[k + 3 * s], group)
                    r4.add(a[k + 4 * s], group)
                    r5.add(a[k + 5 * s], group)
                    r6.add(a[k + 6 * s], group)
                    r7.add(a[k + 7 * s], group)
                    w += G.width
                }
            }
            r0.store(target)
            r1.store(target + outputStride)
            r2.store(target + 2 * outputStride)
            r3.store(target + 3 * outputStride)
            r4.store(target + 4 * outputStride)
            r5.store(target + 5 * outputStride)
            r6.store(target + 6 * outputStride)
            r7.store(target + 7 * outputStride)
            row += 8
        }
    }
    while row + 4 <= rows.count {
        let target = output + row * outputStride
        var r0 = start(type, target, accumulate)
        var r1 = start(type, target + outputStride, accumulate)
        var r2 = start(type, target + 2 * outputStride, accumulate)
        var r3 = start(type, target + 3 * outputStride, accumulate)
        var w = weights
        for segment in 0..<rows.segments {
            let a = rows.base + row * s + segment * rows.pitch
            for k in 0..<rows.length {
                let group = G(w)
                r0.add(a[k], group)
                r1.add(a[k + s], group)
                r2.add(a[k + 2 * s], group)
                r3.add(a[k + 3 * s], group)
                w += G.width
            }
        }
        r0.store(target)
        r1.store(target + outputStride)
        r2.store(target + 2 * outputStride)
        r3.store(target + 3 * outputStride)
        row += 4
    }
    while row < rows.count {
        let target = output + row * outputStride
        var r0 = start(type, target, accumulate)
        var w = weights
        for segment in 0..<rows.segments {
            let a = rows.base + row * s + segment * rows.pitch
            for k in 0..<rows.length {
                r0.add(a[k], G(w))
                w += G.width
            }
        }
        r0.store(target)
        row += 1
    }
}

@inline(__always)
private func start<G: VectorGroup>(
    _ type: G.Type, _ target: UnsafeMutablePointer<Float>, _ accumulate: Bool
) -> G {
    accumulate ? G(UnsafePointer(target)) : G()
}

/// Positions that two arrays share: `lines` lines of `count` positions.
struct PositionGrid {
    let lines: Int
    let count: Int
}

/// Adds a^T b over all positions to the result.
///
/// Shape: a [positions, rows], b [positions, columns], result [rows, resultStride]; columns a
/// multiple of 16. Strides are floats from position to position, pitches from line to line.
func outerProduct(
    _ a: UnsafePointer<Float>, stride aStride: Int, pitch aPitch: Int, rows: Int,
    _ b: UnsafePointer<Float>, stride bStride: Int, pitch bPitch: Int, columns: Int,
    over grid: PositionGrid, into result: UnsafeMutablePointer<Float>, resultStride: Int
) {
    forEachGroup(columns) { first, width in
        let operands = OuterOperands(
            a: a, aStride: aStride, aPitch: aPitch, b: b + first, bStride: bStride,
            bPitch: bPitch, grid: grid, result: result + first, resultStride: resultStride)
        switch width {
        case 64: outerPanel(FourVectors.self, operands, rows: rows)
        case 32: outerPanel(TwoVectors.self, operands, rows: rows)
        default: outerPanel(OneVector.self, operands, rows: rows)
        }
    }
}

private struct OuterOperands {
    let a: UnsafePointer<Float>
    let aStride: Int
    let aPitch: Int
    let b: UnsafePointer<Float>
    let bStride: Int
    let bPitch: Int
    let grid: PositionGrid
    let result: UnsafeMutablePointer<Float>
    let resultStride: Int
}

private func outerPanel<G: VectorGroup>(_ type: G.Type, _ o: OuterOperands, rows: Int) {
    var row = 0
    let s = o.resultStride
    while row + 4 <= rows {
        let target = o.result + row * s
        var r0 = G(UnsafePointer(target))
        var r1 = G(UnsafePointer(target + s))
        var r2 = G(UnsafePointer(target + 2 * s))
        var r3 = G(UnsafePointer(target + 3 * s))
        for line in 0..<o.grid.lines {
            var x = o.a + line * o.aPitch + row
            var y = o.b + line * o.bPitch
            for _ in 0..<o.grid.count {
                let group = G(y)
                r0.add(x[0], group)
                r1.add(x[1], group)
                r2.add(x[2], group)
                r3.add(x[3], group)
                x += o.aStride
                y += o.bStride
            }
        }
        r0.store(target)
        r1.store(target + s)
        r2.store(target + 2 * s)
        r3.store(target + 3 * s)
        row += 4
    }
    while row + 2 <= rows {
        let target = o.result + row * s
        var r0 = G(UnsafePointer(target))
        var r1 = G(UnsafePointer(target + s))
        for line in 0..<o.grid.lines {
            var x = o.a + line * o.aPitch + row
            var y = o.b + line * o.bPitch
            for _ in 0..<o.grid.count {
                let group = G(y)
                r0.add(x[0], group)
                r1.add(x[1], group)
                x += o.aStride
                y += o.bStride
            }
        }
        r0.store(target)
        r1.store(target + s)
        row += 2
    }
    if row < rows {
        let target = o.result + row * s
        var r0 = G(UnsafePointer(target))
        for line in 0..<o.grid.lines {
            var x = o.a + line * o.aPitch + row
            var y = o.b + line * o.bPitch
            for _ in 0..<o.grid.count {
                r0.add(x[0], G(y))
                x += o.aStride
                y += o.bStride
            }
        }
        r0.store(target)
    }
}

/// Puts a matrix into the panels that ``rowsProduct`` reads; columns beyond the matrix's are zero.
///
/// Shape: matrix(row, column) for [rows, columns]; panels [rows * paddedColumns].
func packPanels(
    into panels: UnsafeMutablePointer<Float>, rows: Int, columns: Int, paddedColumns: Int,
    _ matrix: (_ row: Int, _ column: Int) -> Float
) {
    forEachGroup(paddedColumns) { first, width in
        let panel = panels + first * rows
        for row in 0..<rows {
            for column in 0..<width {
                panel[row * width + column] =
                    first + column < columns ? matrix(row, first + column) : 0
            }
        }
    }
}
