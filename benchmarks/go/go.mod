module runnel-benchmarks

go 1.22
