package booking

// Bitmap is a bit a seat in layout order, the least significant bit of each byte first. In JSON it is base64.
type Bitmap []byte

// NewBitmap makes a bitmap of n bits, all 0.
func NewBitmap(n int) Bitmap { return make(Bitmap, (n+7)/8) }

// Set makes bit i 1. It panics when i is outside the bitmap.
func (b Bitmap) Set(i int) { b[i/8] |= 1 << (i % 8) }

// Get reports whether bit i is 1. It panics when i is outside the bitmap.
func (b Bitmap) Get(i int) bool { return b[i/8]&(1<<(i%8)) != 0 }
