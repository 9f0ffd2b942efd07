module tierline/otto

go 1.18

require github.com/robertkrimen/otto v0.0.0-20221006114523-201ab5b34f52

require gopkg.in/sourcemap.v1 v1.0.5 // indirect
