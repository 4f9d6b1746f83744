/// How the maps of one example lie in memory: rows, columns, channels (channels innermost), with a
/// border of zeros around the map and channels padded to a stride.
struct MapLayout: Equatable, Sendable {
    let height: Int
    let width: Int
    let channels: Int
    /// Floats from one position to the next.
    let stride: Int
    /// Zeros around the map. With a border, sizes are rounded up to a multiple of 4 by further zeros,
    /// so that tiles of 4 x 4 cover the map.
    let border: Int
    /// Rows and columns that are stored, border included.
    let rows: Int
    let columns: Int

    init(height: Int, width: Int, channels: Int, stride: Int, border: Int = 0) {
        self.height = height
        self.width = width
        self.channels = channels
        self.stride = stride
        self.border = border
        rows = border == 0 ? height : (height + 3) / 4 * 4 + 2 * border
        columns = border == 0 ? width : (width + 3) / 4 * 4 + 2 * border
    }

    /// Floats of one example.
    var size: Int { rows * columns * stride }
    var positions: Int { height * width }
    /// Floats from one row to the next.
    var pitch: Int { columns * stride }

    /// Where a position starts; `y` and `x` may lie in the border.
    @inline(__always)
    func offset(_ y: Int, _ x: Int) -> Int { ((y + border) * columns + x + border) * stride }
}

/// The maps of a batch in one layout. The border is zero and stays so.
final class ActivationMap {
    private(set) var layout: MapLayout
    private(set) var examples = 0
    let tensor = Tensor([0])

    init(_ layout: MapLayout) {
        self.layout = layout
    }

    /// Makes room; values inside the border are undefined afterwards.
    func prepare(examples: Int, layout: MapLayout) {
        let isOther = layout != self.layout
        self.layout = layout
        self.examples = examples
        // Kernels read whole vectors, up to 63 floats past the last position.
        tensor.resize([examples * layout.size + 64])
        // What was inside may be border now, also behind the last of these examples.
        if isOther { tensor.clear() }
    }
}

/// Channels rounded up to whole vectors.
func paddedChannels(_ channels: Int) -> Int { (channels + 15) / 16 * 16 }
