module bobbin.dev/benchmarks

go 1.19
