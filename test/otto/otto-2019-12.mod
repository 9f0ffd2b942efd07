module tierline/otto

go 1.18

require github.com/robertkrimen/otto v0.0.0-20191219234010-c382bd3c16ff

require gopkg.in/sourcemap.v1 v1.0.5 // indirect
